"""Who may open the pages of sharing courses."""

WRITES = "staff: trainer editor administrator"

ACCESS = {
    "sharing:courses": WRITES,
    "sharing:bring": WRITES,
    "sharing:save": WRITES,
    "sharing:arrival": WRITES,
    "sharing:confirm": WRITES,
    "sharing:drop": WRITES,
}
