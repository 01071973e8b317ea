package engine

// What tests of the layers above reach, and nobody else.

// Testing returns what tests do with an engine.
func (e *Engine) Testing() Testing { return Testing{e} }

// Testing is what tests do with an engine.
type Testing struct{ e *Engine }

// Update changes the file past log and memtables. Nobody may write meanwhile.
func (t Testing) Update(write func(*Tx) error) error { return t.e.file.updateFile(write) }

// SetDisk has the engine ask another disk how much is free.
func (t Testing) SetDisk(disk func(folder string) (free, whole uint64, ok bool)) {
	t.e.room.disk = disk
}

// FlushFailed has the engine find a flush that failed.
func (t Testing) FlushFailed(err error) error { return t.e.file.failDoubtful(err) }

// Commits returns how often the file was written to, and whether a checkpoint is under
// way.
func (t Testing) Commits() (n uint64, checkpoint bool) {
	return t.e.file.committed.Load(), t.e.shown.Load().frozen != nil
}
