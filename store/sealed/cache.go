package sealed

import (
	"crypto/cipher"
	"sync"
)

// cachedKeys is how many ciphers stay ready, at about 0.7 KB each.
const cachedKeys = 8192

// cache keeps ciphers by their slot. Which one has to go when it is full is
// left to chance: a miss costs a few microseconds.
type cache struct {
	mu    sync.RWMutex
	ready map[keyPlace]cipher.AEAD

	filling sync.Mutex
}

// find returns the cipher of a slot; load makes it when it is not ready.
func (c *cache) find(p keyPlace, load func() (cipher.AEAD, error)) (cipher.AEAD, error) {
	c.mu.RLock()
	aead, ok := c.ready[p]
	c.mu.RUnlock()
	if ok {
		return aead, nil
	}
	// Held over both reading and adding, so that remove never comes between.
	c.filling.Lock()
	defer c.filling.Unlock()
	aead, err := load()
	if err != nil {
		return nil, err
	}
	c.add(p, aead)
	return aead, nil
}

func (c *cache) add(p keyPlace, aead cipher.AEAD) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ready == nil {
		c.ready = make(map[keyPlace]cipher.AEAD)
	}
	if len(c.ready) >= cachedKeys {
		for other := range c.ready {
			delete(c.ready, other)
			break
		}
	}
	c.ready[p] = aead
}

// remove forgets keys that the file does not hold any more.
func (c *cache) remove(places []keyPlace) {
	c.filling.Lock()
	defer c.filling.Unlock()
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, p := range places {
		delete(c.ready, p)
	}
}
