package catalogue

// Thing returns what a publisher has of a noun under an id, by value, and what
// is known of it beside itself: for those to whom every noun is the same.
func (s *Setup) Thing(n Noun, id string) (any, Meta, bool) {
	if n == NounPublisher {
		return s.Own(), s.Meta, id == s.ID
	}
	place, ok := s.Place(n, id)
	if !ok {
		return nil, Meta{}, false
	}
	return n.row().at(&s.Publisher, place), s.MetaOf(n, id), true
}
