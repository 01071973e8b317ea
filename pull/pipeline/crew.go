package pipeline

import (
	"sync"
	"time"

	"keypull/pull"
)

// restFor is how long a worker waits for more to do before it goes home.
const restFor = 10 * time.Second

// crew runs jobs side by side. Its workers stay for a while, because a stack
// that has grown once is half the cost of a short job.
type crew struct {
	jobs chan func()
	over chan struct{}
	wait *sync.WaitGroup
	// told hears of a job that broke down.
	told func(error)
}

func newCrew(wait *sync.WaitGroup, told func(error)) crew {
	return crew{jobs: make(chan func()), over: make(chan struct{}), wait: wait, told: told}
}

// run has a worker do the job: one who is resting, else a new one.
func (c crew) run(job func()) {
	select {
	case c.jobs <- job:
	default:
		c.wait.Add(1)
		go c.work(job)
	}
}

func (c crew) work(job func()) {
	defer c.wait.Done()
	rest := time.NewTimer(restFor)
	defer rest.Stop()
	for {
		c.do(job)
		rest.Reset(restFor)
		select {
		case job = <-c.jobs:
		case <-c.over:
			return
		case <-rest.C:
			return
		}
	}
}

// do is one job; one that breaks down takes nobody with it.
func (c crew) do(job func()) {
	var err error
	defer func() {
		if err != nil {
			c.told(err)
		}
	}()
	defer pull.Caught("work on a reader's line", &err)
	job()
}

// dismiss sends home who rests, and from now on everybody after one job.
func (c crew) dismiss() { close(c.over) }
