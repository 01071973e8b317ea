package pipeline

import (
	"sync"
	"time"

	"keypull/pull"
)

// idleFor is how long a worker waits for more to do before it ends.
const idleFor = 10 * time.Second

// workerPool runs jobs side by side. Its workers stay for a while, because a stack
// that has grown once is half the cost of a short job.
type workerPool struct {
	jobs chan func()
	over chan struct{}
	wait *sync.WaitGroup
	// told hears of a job that broke down.
	told func(error)
}

func newWorkerPool(wait *sync.WaitGroup, told func(error)) workerPool {
	return workerPool{jobs: make(chan func()), over: make(chan struct{}), wait: wait, told: told}
}

// runJob has a worker do the job: an idle one, else a new one.
func (p workerPool) runJob(job func()) {
	select {
	case p.jobs <- job:
	default:
		p.wait.Add(1)
		go p.runJobs(job)
	}
}

func (p workerPool) runJobs(job func()) {
	defer p.wait.Done()
	idle := time.NewTimer(idleFor)
	defer idle.Stop()
	for {
		p.doJob(job)
		idle.Reset(idleFor)
		select {
		case job = <-p.jobs:
		case <-p.over:
			return
		case <-idle.C:
			return
		}
	}
}

// doJob runs one job; one that breaks down takes no other with it.
func (p workerPool) doJob(job func()) {
	var err error
	defer func() {
		if err != nil {
			p.told(err)
		}
	}()
	defer pull.Caught("work on a reader's line", &err)
	job()
}

// closePool ends idle workers, and from now on each one after its job.
func (p workerPool) closePool() { close(p.over) }
