package people

import "strings"

// Role is what somebody may do. Viewers look, editors change what readers are
// answered, owners also say who else may, each within one publisher; admins
// may do everything on the installation. Askers, which programs alone can be, ask
// as a reader does, and do nothing else.
type Role string

// The roles, each of which includes those before it.
const (
	Asker  Role = "asker"
	Viewer Role = "viewer"
	Editor Role = "editor"
	Owner  Role = "owner"
	Admin  Role = "admin"
)

// Roles lists those that somebody can have within a publisher, the least first.
func Roles() []Role { return []Role{Viewer, Editor, Owner} }

// TokenRoles lists those that a token of a publisher can have, the least first.
func TokenRoles() []Role { return append([]Role{Asker}, Roles()...) }

// ParseRole reads a role; capitals and blanks around it do not matter. The
// error is a Refusal of the field "role".
func ParseRole(s string) (Role, error) {
	role := Role(strings.ToLower(strings.TrimSpace(s)))
	if role.rankOf() == 0 {
		return "", newRefusal("role", "role", "got", shownText(s))
	}
	return role, nil
}

// Includes reports whether whoever has the role may do what other may. A role
// that does not exist includes none and is included by none.
func (r Role) Includes(other Role) bool {
	return other.rankOf() > 0 && r.rankOf() >= other.rankOf()
}

func (r Role) rankOf() int {
	switch r {
	case Asker:
		return 1
	case Viewer:
		return 2
	case Editor:
		return 3
	case Owner:
		return 4
	case Admin:
		return 5
	}
	return 0
}
