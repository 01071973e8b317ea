package pipeline

// Alive says that the life has not been told to end at once.
func (l *Pipeline) Alive() bool { return l.life.working.Err() == nil }
