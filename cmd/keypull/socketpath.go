package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path/filepath"

	"keypull/cmd/keypull/machine"
	"keypull/pull/words"
)

// maxSocketPath is the longest path that every system takes for a socket.
const maxSocketPath = 100

// socketFile returns where the server of a store listens for commands: beside the
// store, or in a folder of the user's own where that path is too long. It is
// never in a folder that others write to: whoever made a file of that name
// there first would be told what commands tell the server.
func socketFile(store string) (string, error) {
	abs, err := filepath.Abs(store)
	if err != nil {
		return "", fmt.Errorf("the path of the store: %w", err)
	}
	if path := abs + ".sock"; len(path) <= maxSocketPath {
		return path, nil
	}
	sum := sha256.Sum256([]byte(abs))
	name := "keypull-" + hex.EncodeToString(sum[:8]) + ".sock"
	var why []words.Text
	for _, folder := range machine.Folders() {
		path := filepath.Join(folder, name)
		if len(path) > maxSocketPath {
			why = append(why, words.Text{Key: "cli.folder_long", Args: words.Args{"folder": folder}})
			continue
		}
		if err := machine.OwnFolder(folder); err != nil {
			why = append(why, words.Said(err))
			continue
		}
		return path, nil
	}
	if len(why) == 0 {
		why = []words.Text{{Key: "cli.socket_homeless"}}
	}
	return "", words.Fail(nil, "cli.socket_long", words.Args{"most": maxSocketPath - len(".sock"), "reason": why})
}
