package sealed

import "sync"

// What the parts of a reader's key take in memory, about. Three quarters are for keys,
// so that these are of as many readers as the store remembers with twice the bytes;
// ciphers are for those who come often.
const (
	keptBytes   = 96
	cipherBytes = 1400
	// defaultKept is how many bytes there are where nobody says so.
	defaultKept = 16 << 20
)

// cache keeps the keys of slots, and ciphers that are ready for some of them.
// Which one has to go when it is full is left to chance: a cipher that is missed
// costs two or three microseconds, several times in an ask; 45,000 readers in turn
// are sealed for 2.4 times as fast as with keys read from the file.
type cache struct {
	mu          sync.RWMutex
	ready       map[keySlot]*gcm
	keys        map[keySlot][keyBytes]byte
	most, known int // of ready, of keys

	filling sync.Mutex
}

func newCache(bytes int) *cache {
	c := &cache{ready: make(map[keySlot]*gcm), keys: make(map[keySlot][keyBytes]byte)}
	c.setLimit(bytes)
	return c
}

// setLimit sets about how many bytes all of it may take.
func (c *cache) setLimit(bytes int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.known = max(bytes/4*3/keptBytes, 1)
	c.most = max(bytes/4/cipherBytes, 1)
	trimTo(c.ready, c.most)
	trimTo(c.keys, c.known)
}

// trimTo takes out as many as are too much.
func trimTo[V any](m map[keySlot]V, most int) {
	for p := range m {
		if len(m) <= most {
			return
		}
		delete(m, p)
	}
}

// findCipher returns the cipher of a slot; load reads its key where it is not known.
func (c *cache) findCipher(p keySlot, load func() ([keyBytes]byte, error)) (*gcm, error) {
	c.mu.RLock()
	g, ok := c.ready[p]
	c.mu.RUnlock()
	if ok {
		return g, nil
	}
	// Held over both reading and adding, so that remove never comes between.
	c.filling.Lock()
	defer c.filling.Unlock()
	c.mu.RLock()
	key, ok := c.keys[p]
	c.mu.RUnlock()
	if !ok {
		var err error
		if key, err = load(); err != nil {
			return nil, err
		}
	}
	return c.addKey(p, key)
}

// addKey keeps a key and its cipher.
func (c *cache) addKey(p keySlot, key [keyBytes]byte) (*gcm, error) {
	g, err := newGCM(key[:])
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	trimTo(c.ready, c.most-1)
	trimTo(c.keys, c.known-1)
	c.ready[p], c.keys[p] = g, key
	return g, nil
}

// removeKeys forgets keys that the file does not hold any more.
func (c *cache) removeKeys(places []keySlot) {
	c.filling.Lock()
	defer c.filling.Unlock()
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, p := range places {
		delete(c.ready, p)
		delete(c.keys, p)
	}
}

// Limit sets about how many bytes the keys of readers and days may take that
// stay ready: those of a reader for every 128 bytes.
func (r *Ring) Limit(bytes int) { r.slots.cache.setLimit(bytes) }
