"""The nginx that is shipped to stand before the gateway, with its very configuration, before a real gateway (GW-22)."""
