package who

import (
	"slices"
	"strings"
)

// maxMemberships is how many a reader has at most; the oldest give way.
const maxMemberships = 20

// NewMembership returns that of a reader who has sent a code of a source. Its mark tells the
// codes of a source apart, and no code can be made of it.
func NewMembership(source, mark string) string { return source + ":" + mark }

// MembershipSource returns the source whose code a membership is of.
func MembershipSource(m string) string {
	source, _, _ := strings.Cut(m, ":")
	return source
}

// MembershipMarks returns the marks of a reader's memberships of a source.
func (r *Reader) MembershipMarks(source string) (marks []string) {
	for _, m := range r.Memberships {
		if of, mark, ok := strings.Cut(m, ":"); ok && of == source {
			marks = append(marks, mark)
		}
	}
	return marks
}

// Join returns r with a membership, and whether it is new.
func (r Reader) Join(m string) (Reader, bool) {
	if slices.Contains(r.Memberships, m) {
		return r, false
	}
	all := append(slices.Clone(r.Memberships), m)
	r.Memberships = all[max(0, len(all)-maxMemberships):]
	return r, true
}
