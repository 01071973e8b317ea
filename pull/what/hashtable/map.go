package hashtable

// Map maps texts to values of which few differ. It keeps neither the texts nor a
// value twice.
type Map[V comparable] struct {
	table  *Table
	values []V
	places map[V]int32 // of the values, until the map fits
}

// NewMap returns an empty map.
func NewMap[V comparable]() *Map[V] {
	return &Map[V]{table: New(0), places: map[V]int32{}}
}

// anyText tells the table that all its texts are of one kind.
const anyText = 1

// Find returns the value of a text, which is not to be changed, or nil if it has
// none.
func (m *Map[V]) Find(text string) *V {
	place, ok := m.table.Find(m.table.Hash(anyText, text))
	if !ok {
		return nil
	}
	return &m.values[place]
}

// Has reports whether a text has a value.
func (m *Map[V]) Has(text string) bool { return m.Find(text) != nil }

// Len returns how many texts have a value.
func (m *Map[V]) Len() int { return m.table.count }

// Set gives a text a value, in place of the one it had.
func (m *Map[V]) Set(text string, value V) {
	place, ok := m.places[value]
	if !ok {
		place = int32(len(m.values)) //nolint:gosec // few differ
		m.values, m.places[value] = append(m.values, value), place
	}
	m.table.Set(m.table.Hash(anyText, text), place)
}

// Fit gives back the room that nothing was set in. Nothing is set any more.
func (m *Map[V]) Fit() {
	m.places = nil
	m.table.Fit()
}
