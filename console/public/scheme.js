// Runs before the first paint, so that a dark screen never flashes white. A file of its own: the policy allows no inline script.
(function () {
  var wanted = null;
  try {
    wanted = window.localStorage.getItem("mantine-color-scheme-value");
  } catch (refused) {
    wanted = null;
  }
  var dark = wanted === "dark" || (wanted !== "light" && window.matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.setAttribute("data-mantine-color-scheme", dark ? "dark" : "light");
})();
