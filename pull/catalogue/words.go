package catalogue

import (
	"embed"
	"sync"

	"keypull/pull/settings"
	"keypull/pull/words"
)

//go:embed words
var files embed.FS

// Words say the fields and choices of Publisher, and below "source.",
// "keyword." and "channel." those of its rows. A test finds what is wrong with
// them.
var Words = sync.OnceValue(func() *words.Set {
	set, _ := settings.Load(files, &Publisher{})
	return set
})
