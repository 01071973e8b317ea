package store

import "fmt"

// MaxNameBytes limits the name of a queue or a log, MaxIDBytes the id of a
// record.
const (
	MaxNameBytes = 32
	MaxIDBytes   = 64
)

// CheckKey says with ErrKey what is wrong with a key.
func CheckKey(key string) error {
	if key == "" || len(key) > MaxKeyBytes {
		return fmt.Errorf("%w: %d bytes, must be 1 to %d", ErrKey, len(key), MaxKeyBytes)
	}
	segment := 0
	for i := range len(key) {
		switch c := key[i]; {
		case isWord(c):
			segment++
		case c == '.' && segment > 0:
			segment = 0
		default:
			return fmt.Errorf("%w %q: byte %d must be one of A-Z a-z 0-9 _ - in segments joined by single points", ErrKey, key, i+1)
		}
	}
	if segment == 0 {
		return fmt.Errorf("%w %q: ends with a point", ErrKey, key)
	}
	return nil
}

// CheckScan says what is wrong with the arguments of a Scan.
func CheckScan(prefix, after string, limit int) error {
	for _, key := range []string{prefix, after} {
		if key == "" {
			continue
		}
		if err := CheckKey(key); err != nil {
			return err
		}
	}
	return CheckLimit(limit)
}

// CheckLimit wants a page of 1 to MaxPage.
func CheckLimit(limit int) error {
	if limit < 1 || limit > MaxPage {
		return fmt.Errorf("store: limit %d, must be 1 to %d", limit, MaxPage)
	}
	return nil
}

// CheckValue says with ErrTooLarge that a value passes MaxValueBytes.
func CheckValue(value []byte) error {
	if len(value) > MaxValueBytes {
		return fmt.Errorf("%w: %d bytes, at most %d", ErrTooLarge, len(value), MaxValueBytes)
	}
	return nil
}

// CheckName says with ErrKey what is wrong with the name of a queue or a log.
func CheckName(name string) error {
	if name == "" || len(name) > MaxNameBytes {
		return fmt.Errorf("%w: name of %d bytes, must be 1 to %d", ErrKey, len(name), MaxNameBytes)
	}
	for i := range len(name) {
		if c := name[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
			return fmt.Errorf("%w: name %q, only a-z 0-9 - are allowed", ErrKey, name)
		}
	}
	return nil
}

// CheckEntry says with ErrTooLarge that an entry passes MaxEntryBytes.
func CheckEntry(e Entry) error {
	if n := len(e.ID) + len(e.Partition) + len(e.Payload); n > MaxEntryBytes {
		return fmt.Errorf("%w: entry of %d bytes, at most %d", ErrTooLarge, n, MaxEntryBytes)
	}
	return nil
}

// CheckRecord says with ErrKey or ErrTooLarge what is wrong with a record.
func CheckRecord(r Record) error {
	if err := CheckID(r.ID); err != nil {
		return err
	}
	return CheckValue(r.Data)
}

// CheckID says with ErrKey what is wrong with the id of a record.
func CheckID(id string) error {
	if id == "" || len(id) > MaxIDBytes {
		return fmt.Errorf("%w: record id of %d bytes, must be 1 to %d", ErrKey, len(id), MaxIDBytes)
	}
	for i := range len(id) {
		if c := id[i]; !isWord(c) && c != '.' {
			return fmt.Errorf("%w: record id %q, only A-Z a-z 0-9 _ - . are allowed", ErrKey, id)
		}
	}
	return nil
}

// CheckBatch says what is wrong with any part of a batch. A key may stand in
// it once only.
func CheckBatch(b Batch) error {
	for _, p := range b.Puts {
		if err := CheckKey(p.Key); err != nil {
			return err
		}
		if err := CheckValue(p.Value); err != nil {
			return fmt.Errorf("put %s: %w", p.Key, err)
		}
	}
	for _, key := range b.Deletes {
		if err := CheckKey(key); err != nil {
			return err
		}
	}
	if err := checkTwice(b); err != nil {
		return err
	}
	for _, records := range [...][]Append{b.Appends, b.Reduces} {
		for i := range records {
			if err := checkAppend(&records[i]); err != nil {
				return err
			}
		}
	}
	for _, a := range b.Acks {
		if err := CheckName(a.Queue); err != nil {
			return err
		}
	}
	return nil
}

func checkAppend(a *Append) error {
	if err := CheckName(a.Log); err != nil {
		return err
	}
	if err := CheckRecord(a.Record); err != nil {
		return fmt.Errorf("write to %s: %w", a.Log, err)
	}
	return nil
}

// checkTwice looks for a key that stands in a batch twice. Most batches have a
// few, for which comparing costs less than remembering.
func checkTwice(b Batch) error {
	const few = 16
	n := len(b.Puts) + len(b.Deletes)
	key := func(i int) string {
		if i < len(b.Puts) {
			return b.Puts[i].Key
		}
		return b.Deletes[i-len(b.Puts)]
	}
	var seen map[string]bool
	if n > few {
		seen = make(map[string]bool, n)
	}
	for i := range n {
		twice := seen[key(i)]
		for j := 0; n <= few && j < i; j++ {
			twice = twice || key(j) == key(i)
		}
		if twice {
			return fmt.Errorf("%w: %q stands twice in one batch", ErrKey, key(i))
		}
		if seen != nil {
			seen[key(i)] = true
		}
	}
	return nil
}

// CheckLater says what is wrong with a batch for CommitLater.
func CheckLater(b Batch) error {
	for _, p := range b.Puts {
		if p.Revision != Any {
			return fmt.Errorf("store: the put of %s in a batch for later is not of Any revision, and nobody would hear of a conflict", p.Key)
		}
	}
	return CheckBatch(b)
}

func isWord(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_' || c == '-'
}
