package webchat

import "strings"

// Addresses returns how many addresses are remembered that ask, or listen.
func (c *Chat) Addresses() int {
	c.budgets.mu.Lock()
	defer c.budgets.mu.Unlock()
	n := c.budgets.paces.Known()
	for of := range c.budgets.streams {
		if strings.HasPrefix(of, "address ") {
			n++
		}
	}
	return n
}
