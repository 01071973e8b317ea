package pull

// Words lets the tests walk the service's own texts.
func Words() map[Word]map[string]string { return words }
