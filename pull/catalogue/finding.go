package catalogue

// Severity says whether a finding is a mistake or a doubt.
type Severity string

// The severities.
const (
	// Error: it can't do what the editor means.
	Error Severity = "error"
	// Warning: it works, perhaps not as meant.
	Warning Severity = "warning"
)

// Finding is one thing that a check of a publisher found.
type Finding struct {
	Severity Severity `json:"severity"`
	// Path is the field, rows counted from 0: "keyword[2].phrases.en[0]".
	Path string `json:"path"`
	// Code names the rule, for programs and translations.
	Code string `json:"code"`
	// Message is one English sentence that says what to do.
	Message string `json:"message"`
}
