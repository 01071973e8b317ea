package catalogue

// NounSnippet is the word for snippets.
const NounSnippet Noun = "snippet"

// Snippet is a text that editors use again.
type Snippet struct {
	ID   string `name:"id" label:"Id" help:"Short name." check:"required,id" example:"greeting"`
	Text string `name:"text" label:"Text" help:"What is said." check:"required,max=500" example:"Good morning!"`
}

// Snippet returns a snippet by its id.
func (s *Setup) Snippet(id string) (*Snippet, bool) { return at(s, NounSnippet, s.Snippets, id) }
