package pipeline

// channel is who waits for one channel. queues.mu guards it.
type channel struct {
	publisher, name string
	// queues are readers whose messages wait for the channel, the first to come
	// first; workers is how many others are being written to.
	queues  []*queue
	workers int
	tending bool
	freed   chan struct{}
	// proven: what an earlier process left has had to wait for a trial.
	proven bool
}

func (o *outbox) channelOf(publisher, name string) *channel {
	id := [2]string{publisher, name}
	c := o.channels[id]
	if c == nil {
		c = &channel{publisher: publisher, name: name, freed: make(chan struct{}, 1)}
		o.channels[id] = c
	}
	return c
}

// proveChannel has a channel tried before it gets what an earlier process could not bring:
// all of it would leave at once, for a platform that may still be away.
func (o *outbox) proveChannel(publisher, name string) {
	o.queues.mu.Lock()
	c := o.channelOf(publisher, name)
	proven := c.proven
	c.proven = true
	o.queues.mu.Unlock()
	if !proven {
		o.courier.Prove(publisher, name)
	}
}

// takeWorker has a reader of the channel written to, if nobody waits for that
// before.
func (o *outbox) takeWorker(c *channel) bool {
	if len(c.queues) > 0 || c.workers >= o.courier.Room(c.publisher, c.name) {
		return false
	}
	c.workers++
	return true
}

// freeWorker gives back what takeWorker took.
func (c *channel) freeWorker() {
	c.workers--
	select {
	case c.freed <- struct{}{}:
	default:
	}
}

// lookFor is how many queues are looked at for one to try a channel with.
const lookFor = 256

// trialQueue returns the place of the queue that is best for trying the channel.
func (c *channel) trialQueue() int {
	at, best := 0, -1
	for i := range min(len(c.queues), lookFor) {
		waiting := c.queues[i].messages
		if len(waiting) == 0 {
			continue
		}
		rank := 0
		if !waiting[0].mayHaveArrived() {
			rank++
		}
		if !waiting[0].dispatch.Left {
			rank++
		}
		if rank > best {
			at, best = i, rank
		}
	}
	return at
}
