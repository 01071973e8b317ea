package catalogue

// Sentences are what findings say, for the test that all are there.
func Sentences() map[string]map[string]string { return sentences }
