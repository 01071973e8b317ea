package people

import "strings"

// Role is what somebody may do. Viewers look, editors change what readers are
// answered, owners also say who else may, each within one publisher; admins
// may do everything on the installation.
type Role string

// The roles, each of which includes those before it.
const (
	Viewer Role = "viewer"
	Editor Role = "editor"
	Owner  Role = "owner"
	Admin  Role = "admin"
)

// Roles lists those that somebody can have within a publisher, the least first.
func Roles() []Role { return []Role{Viewer, Editor, Owner} }

// ParseRole reads a role; capitals and blanks around it do not matter. The
// error is a Refusal of the field "role".
func ParseRole(s string) (Role, error) {
	role := Role(strings.ToLower(strings.TrimSpace(s)))
	if role.rank() == 0 {
		return "", refuse("role", "role", "got", shown(s))
	}
	return role, nil
}

// Includes reports whether whoever has the role may do what other may. A role
// that does not exist includes none and is included by none.
func (r Role) Includes(other Role) bool {
	return other.rank() > 0 && r.rank() >= other.rank()
}

func (r Role) rank() int {
	switch r {
	case Viewer:
		return 1
	case Editor:
		return 2
	case Owner:
		return 3
	case Admin:
		return 4
	}
	return 0
}
