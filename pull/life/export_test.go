package life

// Alive says that the life has not been told to end at once.
func (l *Life) Alive() bool { return l.working.Err() == nil }
