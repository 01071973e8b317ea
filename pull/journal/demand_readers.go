package journal

import "encoding/binary"

const (
	// mostReaders is how many readers of a text are told apart, mostTakers how
	// many of those who took a keyword instead: more need not be known.
	mostReaders = 64
	mostTakers  = 16
	hashBytes   = 8
)

// Readers counts distinct readers without keeping who they are: by keyed
// hashes, whose key lives for a period. Readers of two periods can't be told
// apart, so that the count is that of the period with the most: at least so
// many they were.
type Readers struct {
	Period int `json:"period,omitempty"`
	// Hashes are those of the period, 8 bytes each.
	Hashes []byte `json:"hashes,omitempty"`
	// Before is the count of an earlier period.
	Before int `json:"before,omitempty"`
}

// Add counts a reader by the hash of a period; an earlier one than the last is
// left out, since its key is gone.
func (r *Readers) Add(period int, hash uint64, most int) {
	if period < r.Period {
		return
	}
	r.End(period)
	r.Period = period
	if r.find(hash) < 0 && len(r.Hashes) < most*hashBytes {
		r.Hashes = binary.BigEndian.AppendUint64(r.Hashes, hash)
	}
}

// End drops the hashes of a period before this one, and keeps how many they
// were.
func (r *Readers) End(period int) {
	if r.Period < period {
		r.Before, r.Hashes = r.Count(), nil
	}
}

// Count returns how many distinct readers there were at least.
func (r *Readers) Count() int { return max(r.Before, len(r.Hashes)/hashBytes) }

// Forget takes a hash out, and says whether it was there.
func (r *Readers) Forget(period int, hash uint64) bool {
	at := r.find(hash)
	if at < 0 || r.Period != period {
		return false
	}
	r.Hashes = append(r.Hashes[:at], r.Hashes[at+hashBytes:]...)
	return true
}

func (r *Readers) find(hash uint64) int {
	for at := 0; at+hashBytes <= len(r.Hashes); at += hashBytes {
		if binary.BigEndian.Uint64(r.Hashes[at:]) == hash {
			return at
		}
	}
	return -1
}
