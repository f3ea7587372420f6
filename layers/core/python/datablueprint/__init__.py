"""Margin at completion from Procore, QuickBooks and payroll, every figure opening into its records.

The rooms, in the order data walks through them: sources, lake, graph, ledger,
metrics, agent. `steps` names one function per state of the refresh; `runtime`
decides which adapter stands behind each port.
"""

__version__ = "0.1.0"
