package pages

// Add parses further templates, for pages that only tests have.
func (v *Views) Add(pattern string) error {
	_, err := v.pristine.ParseGlob(pattern)
	return err
}

// Unfold leaves the calls of functions with constant arguments in the templates.
func (v *Views) Unfold() { v.unfolded = true }
