package messengers

import "keypull/pull"

// Roomy are limits, counted without markup, by which a reply leaves room for its
// markup where that counts: as much as it takes. An address for which there is no
// room at all is the kind's to see to.
func (l Limits) Roomy(r pull.Reply) Limits {
	if !l.Marked {
		return l
	}
	const least = 8
	room := l
	for room.Marked = false; room.Text >= l.Text/least; {
		longest := 0
		for _, m := range Shape(r, room) {
			longest = max(longest, l.Unit.Count(m.Text))
		}
		if longest <= l.Text {
			return room
		}
		// A step that is no larger than what a split moves would be taken again and again.
		room.Text = min(room.Text*l.Text/longest, room.Text-room.Text/64-1)
	}
	room.Text = l.Text
	return room
}
