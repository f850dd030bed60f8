"""Coming from another gateway: its channels, keys and models, read and added in one step.

    plan.py      what is to be added, and adding it
    new_api.py   databases of one-api and new-api
    litellm.py   LiteLLM's configuration file

Customers, balances and logs stay where they are: money enters a ledger by recharges and grants only.
"""
