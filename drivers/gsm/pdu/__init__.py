"""Short messages as octets (3GPP TS 23.038 and 23.040). No I/O, no clock."""
