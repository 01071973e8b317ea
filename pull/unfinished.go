package pull

import "bytes"

// goOn fetches what an unfinished snapshot lacks, behind whoever is answered by
// the part that is there.
func (k *Keeper) goOn(w Want, s *Snapshot) {
	if s == nil || !s.Unfinished {
		return
	}
	w.Wait, w.computed = 0, nil
	k.approach(w, s, true)
}

// stuck reports whether a fetch brought no more of an unfinished snapshot than
// was there: its source is left alone for a while then, as after a failure.
func (s *Snapshot) stuck(last *Snapshot) bool {
	return s.Unfinished && s.Unchanged && last != nil && bytes.Equal(s.Extra, last.Extra)
}
