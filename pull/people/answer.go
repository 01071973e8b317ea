package people

import "time"

// Response is what a request of a program was answered, so that its repetition is
// answered the same and does nothing.
type Response struct {
	// Fingerprint tells requests apart that come with the same key.
	Fingerprint string `json:"fingerprint"`
	// Status is 0 while there is no answer yet.
	Status int               `json:"status,omitempty"`
	Header map[string]string `json:"header,omitempty"`
	// Body is sealed by whoever answers.
	Body []byte    `json:"body,omitempty"`
	At   time.Time `json:"at"`
}
