package pages

// Add parses further templates, for pages that only tests have.
func (v *Views) Add(pattern string) error {
	_, err := v.pristine.ParseGlob(pattern)
	return err
}
