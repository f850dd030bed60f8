"""The entry floor: configuration, the command line, and the processes that make up a running Farebox.

    config.py       the only reader of the environment; one frozen value, handed down
    data_dir.py     what lies where in a data directory (the database apart: storage/layout.py)
    serve.py        what `farebox serve` does, in order
    supervisor.py   child processes: started, watched, restarted, drained
    process.py      the child's side: what each kind of process is composed of
    cli/            one file per noun of the command line

Nothing below may import it.
"""
