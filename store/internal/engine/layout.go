package engine

// Layout is what the engine has to be told of the buckets it keeps.
type Layout interface {
	// Kind describes a bucket by its name.
	Kind(bucket []byte) Kind
	// Begin is called in the first transaction, before the log is replayed. logged
	// says that there is a log.
	Begin(t *Tx, logged bool) error
	// Replay returns what is told of the values that the log brings into the file.
	Replay(t *Tx) Replay
	// TakeOver rewrites what an earlier version wrote. It may be called again where the
	// process ended before it was done.
	TakeOver(t *Tx) error
	// Checkpoint returns what a checkpoint has to write beside the memtables. The
	// writer calls it when a checkpoint begins.
	Checkpoint() []Part
}

// Kind describes a bucket.
type Kind struct {
	// Fill is how full pages are left where they are split.
	Fill float64
	// Numbered keys are made by Key, of numbers up to the bucket's sequence.
	Numbered bool
	// Sequence returns the bucket's sequence that a value implies, or 0. It is nil where
	// values imply none; the keys of a numbered bucket always do.
	Sequence func(value []byte) uint64
	// Packing is set where the file holds several keys in one value.
	Packing Packing
	// Drop removes a damaged value; nil is Remove.
	Drop func(t *Batch, b *Bucket, key []byte)
}

// impliedSequence returns the bucket's sequence that a key with its value implies.
func (k *Kind) impliedSequence(key, value []byte) uint64 {
	switch {
	case k.Numbered:
		return Number(key)
	case k.Sequence != nil:
		return k.Sequence(value)
	}
	return 0
}

// Packing says how the file holds several keys of a bucket in one value. Memtables
// hold each key by itself.
type Packing interface {
	// Key returns the key of the value that holds a key, or false if it stands alone.
	Key(key []byte) (in []byte, ok bool)
	// Writer writes keys in their order.
	Writer(t *Tx, b *FileBucket) KeyWriter
}

// KeyWriter writes keys into a bucket of the file.
type KeyWriter interface {
	// Write sets the value of a key, or removes the key where value is nil.
	Write(key, value []byte) error
	// Flush writes what is still held back.
	Flush() error
}

// Replay hears of the puts that the log brings into the file.
type Replay interface {
	// Put is called for each; appended says that Batch.Append wrote it.
	Put(bucket, key, value []byte, appended bool) error
	// End is called behind the last.
	End() error
}

// Part is what a checkpoint writes beside the memtables.
type Part interface {
	Write(t *Tx) error
	// Done is called by the writer once the checkpoint is in the file.
	Done()
}
