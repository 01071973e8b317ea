package store

// KeyPage is a page of readers' and days' keys as it is kept outside the folder of the key file.
type KeyPage struct {
	Number uint32
	// Version is higher with each write of any page.
	Version uint64
	// Wrapper names the key that wraps the page, and that lies nowhere where pages do.
	Wrapper string
	Sealed  []byte
}
