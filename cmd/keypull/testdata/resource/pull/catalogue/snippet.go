package catalogue

// ResourceSnippet is the word for snippets.
const ResourceSnippet Resource = "snippet"

// Snippet is a text that editors use again.
type Snippet struct {
	ID   string `name:"id" label:"Id" help:"Short name." check:"required,id" example:"greeting"`
	Text string `name:"text" label:"Text" help:"What is said." check:"required,max=500" example:"Good morning!"`
}

// Snippet returns a snippet by its id.
func (s *Setup) Snippet(id string) (*Snippet, bool) { return at(s, ResourceSnippet, s.Snippets, id) }
