package people

// RewritePHC reads the hash of a password and writes it again, without the
// dear work.
func RewritePHC(s string) (string, error) {
	h, err := parsePHC(s)
	if err != nil {
		return "", err
	}
	return h.String(), nil
}
