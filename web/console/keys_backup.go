package console

import (
	"context"

	"keypull/pull"
)

// KeysBackup is the input of "keys.backup".
type KeysBackup struct {
	// Path is where the copy of the key file is written, on the server's
	// machine; absolute. The slots go beside it, with ".slots" at the end.
	Path string `json:"path"`
}

// KeysBackedUp is the output.
type KeysBackedUp struct {
	Path  string `json:"path"`
	Slots string `json:"slots"`
}

// KeyFiles can copy themselves. A copy that is there is replaced: an older one
// would bring back keys that were destroyed on purpose.
type KeyFiles interface {
	BackupFiles(path string) error
}

// BackUpKeys is "keys.backup".
var BackUpKeys = Declare[KeysBackup, KeysBackedUp](Declaration{
	Name: "keys.backup", Permission: Admin, Audit: true,
	Summary: "Copy the key files to one place, in place of the last copy.",
})

// KeysOperation returns "keys.backup".
func KeysOperation(k KeyFiles) Bound {
	return BackUpKeys.By(func(_ context.Context, in KeysBackup) (KeysBackedUp, error) {
		if in.Path == "" {
			return KeysBackedUp{}, &pull.Error{Kind: pull.Invalid, Field: "path", Hint: "say where the copy goes"}
		}
		return KeysBackedUp{Path: in.Path, Slots: in.Path + ".slots"}, k.BackupFiles(in.Path)
	})
}
