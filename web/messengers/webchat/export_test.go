package webchat

// Addresses returns how many addresses are remembered.
func (c *Chat) Addresses() int {
	c.budgets.mu.Lock()
	defer c.budgets.mu.Unlock()
	return len(c.budgets.known)
}
