"""PostgreSQL's configuration for Farebox: durable, tuned for many short transactions, silent about content."""

from collections.abc import Mapping
from pathlib import Path

from farebox.storage.layout import PORT

_SETTINGS: Mapping[str, str] = {
    # Reached through its socket only, by whoever may enter the socket's directory and knows a password.
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "password_encryption": "scram-sha-256",
    # An acknowledged transaction is on disk.
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "wal_level": "replica",
    # Rare, spread-out checkpoints: each makes the first change of a page write the whole page to the log.
    "wal_compression": "on",
    "wal_buffers": "16MB",
    "max_wal_size": "2GB",
    "min_wal_size": "128MB",
    "checkpoint_timeout": "15min",
    "checkpoint_completion_target": "0.9",
    "shared_buffers": "192MB",
    "effective_cache_size": "1GB",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "huge_pages": "off",
    "random_page_cost": "1.1",
    "jit": "off",
    # A report must not take the cores that admissions run on.
    "max_parallel_workers_per_gather": "0",
    "max_locks_per_transaction": "256",
    "client_connection_check_interval": "10s",
    # Account and key rows change with every job: their dead versions must go while they are few.
    "autovacuum_naptime": "10s",
    "autovacuum_vacuum_scale_factor": "0.05",
    "autovacuum_analyze_scale_factor": "0.05",
    "autovacuum_vacuum_cost_limit": "1000",
    "autovacuum_vacuum_cost_delay": "1ms",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    # The log goes to a file through standard error and never holds statements, parameters or values. The text of an
    # ERROR can quote a value ("invalid input syntax for ..."), so errors go to the client alone: 'log' ranks higher.
    "log_destination": "stderr",
    "logging_collector": "off",
    "log_line_prefix": "%m [%p] ",
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_error_verbosity": "terse",
    "log_checkpoints": "off",
    "log_autovacuum_min_duration": "-1",
}


def render(socket_dir: Path, tag: str, overrides: Mapping[str, str]) -> str:
    """The text of farebox.conf, written anew at each start."""
    settings = {**_SETTINGS, "unix_socket_directories": str(socket_dir), "cluster_name": tag, **overrides}
    lines = [f"{name} = '{value.replace(chr(39), chr(39) * 2)}'" for name, value in settings.items()]
    return "\n".join(["# Written by Farebox at each start; ALTER SYSTEM goes over it.", *lines, ""])
