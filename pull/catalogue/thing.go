package catalogue

import "reflect"

// Thing returns what a publisher has of a resource under an id, by value, and what
// is known of it beside itself: for those to whom every resource is the same.
func (s *Setup) Thing(n Resource, id string) (any, Meta, bool) {
	if n == ResourcePublisher {
		return s.Own(), s.Meta, id == s.ID
	}
	place, ok := s.Place(n, id)
	if !ok {
		return nil, Meta{}, false
	}
	return n.tableRow().at(&s.Publisher, place), s.MetaOf(n, id), true
}

// Example returns a pointer to a new thing of a resource, whose tags say what its fields
// are; nil for what is no resource.
func (n Resource) Example() any {
	if n.tableRow().fill == nil {
		return nil
	}
	// What is filled with nothing lacks something; its type is all that counts.
	thing, _ := n.Fill(nil)
	return reflect.New(reflect.TypeOf(thing)).Interface()
}
