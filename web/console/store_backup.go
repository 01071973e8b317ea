package console

import (
	"context"

	"keypull/pull"
)

// StoreBackup is the input of "store.backup".
type StoreBackup struct {
	// Path is where the copy is written, on the server's machine; absolute.
	Path string `json:"path"`
	// Overwrite lets it replace a file that is there.
	Overwrite bool `json:"overwrite,omitempty"`
}

// StoreBackedUp is the output.
type StoreBackedUp struct {
	Path  string `json:"path"`
	Bytes int64  `json:"bytes"`
}

// Backups writes a consistent copy of the store while it works.
type Backups interface {
	BackupFile(ctx context.Context, path string, overwrite bool) (int64, error)
}

// BackUpStore is "store.backup".
var BackUpStore = Declare[StoreBackup, StoreBackedUp](Declaration{
	Name: "store.backup", Permission: Admin, Audit: true,
	Summary: "Write a consistent copy of the store to a file, while it works.",
})

// BackupOperation returns "store.backup".
func BackupOperation(b Backups) Bound {
	return BackUpStore.By(func(ctx context.Context, in StoreBackup) (StoreBackedUp, error) {
		if in.Path == "" {
			return StoreBackedUp{}, &pull.Error{Kind: pull.Invalid, Field: "path", Hint: "say where the copy goes"}
		}
		n, err := b.BackupFile(ctx, in.Path, in.Overwrite)
		return StoreBackedUp{Path: in.Path, Bytes: n}, err
	})
}
