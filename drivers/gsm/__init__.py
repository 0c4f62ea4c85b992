"""GSM modems on a serial or USB port: SMS, USSD and calls by AT commands."""
