package backup

import (
	"slices"
	"strings"
	"time"
)

// The names of archives: the moment, of UTC, in seconds.
const (
	archivePrefix = "keypull-"
	archiveSuffix = ".archive"
	archiveTime   = "20060102T150405Z"
	// newestName is the name of the newest half.
	newestName = "keypull.newest"
)

func archiveName(at time.Time) string {
	return archivePrefix + at.UTC().Format(archiveTime) + archiveSuffix
}

// archiveMoment returns the moment in a name, or false for the names of others.
func archiveMoment(name string) (time.Time, bool) {
	rest, begins := strings.CutPrefix(name, archivePrefix)
	rest, ends := strings.CutSuffix(rest, archiveSuffix)
	at, err := time.Parse(archiveTime, rest)
	return at, begins && ends && err == nil
}

// Ladder is how many archives are kept: of each of so many hours, days and weeks the last.
type Ladder struct{ Hours, Days, Weeks int }

// surplus returns which archives of these moments are not kept.
func (l Ladder) surplus(moments []time.Time) (gone []time.Time) {
	moments = slices.Clone(moments)
	slices.SortFunc(moments, func(a, b time.Time) int { return b.Compare(a) })
	const day = 24 * time.Hour
	rungs := []struct {
		most int
		span time.Duration
	}{{l.Hours, time.Hour}, {l.Days, day}, {l.Weeks, 7 * day}}
	kept := map[time.Time]bool{}
	for _, r := range rungs {
		met := map[time.Time]bool{}
		for _, at := range moments {
			span := at.Truncate(r.span)
			if met[span] || len(met) == r.most {
				continue
			}
			met[span], kept[at] = true, true
		}
	}
	for i, at := range moments {
		if i > 0 && !kept[at] {
			gone = append(gone, at)
		}
	}
	return gone
}
