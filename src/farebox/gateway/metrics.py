"""The counters of a gateway worker."""

from farebox.kit.metrics import Registry


class GatewayMetrics:
    """Made once per worker; labels are few and never name a customer."""

    def __init__(self, registry: Registry) -> None:
        self.answers = registry.counter(
            "farebox_gateway_answers_total", "Answers to API calls.", ("endpoint", "status")
        )
        self.jobs = registry.counter("farebox_jobs_total", "Jobs that ended.", ("endpoint", "outcome"))
        self.provider_faults = registry.counter(
            "farebox_provider_faults_total", "Failed attempts at providers.", ("channel", "fault")
        )
        self.hedges = registry.counter(
            "farebox_hedges_total", "Second calls beside late ones: which of the two answered.", ("result",)
        )
        self.first_byte = registry.histogram("farebox_first_byte_seconds", "From the request to the first data event.")
        self.refusals_dropped = registry.counter(
            "farebox_refusal_rows_dropped_total", "Refused calls that were not recorded because too many waited."
        )
