package table

// SheetAddress is sheetAddress.
var SheetAddress = sheetAddress

// Read counts the lines of a document.
func Read(body []byte) (int, error) {
	s, _, err := readSheet(body, "", options{})
	if err != nil {
		return 0, err
	}
	_, _ = splitHeader(s)
	return len(s.lines), nil
}
