"""An Android phone with the SMS Gateway app (capcom6/android-sms-gateway), on the local network or by its cloud."""
