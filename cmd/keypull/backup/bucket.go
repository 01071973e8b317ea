package backup

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"path"
	"sync"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"keypull/cmd/keypull/config"
	"keypull/pull/outside"
	"keypull/pull/private"
	"keypull/pull/words"
)

// Limits of what is asked of a bucket.
const (
	// callTime ends a call that carries no copy, slowest is what a copy is carried at, bytes a second.
	callTime = 30 * time.Second
	slowest  = 256 << 10
	// mostWhole is up to which size a copy is one request, partBytes how large the parts of a larger
	// one are: one of them is held in memory.
	mostWhole = 512 << 20
	partBytes = 16 << 20
	// readBlock is what is read of a copy at once.
	readBlock = 4 << 20
	// attempts is how often a request is made that fails in passing.
	attempts = 3
	// mostListed is how many copies a bucket's folder may hold.
	mostListed = 10_000
)

// bucket is a Target at a server that speaks S3. Each copy is replaced by one request.
type bucket struct {
	client         *minio.Client
	endpoint       string
	bucket, folder string
	// spool is beside what a copy is written to before it leaves.
	spool string
	// whole is up to which size a copy is one request, part how large the parts of a larger one are.
	whole int64
	part  uint64
}

func newBucket(address, spool string, s3 config.S3Config) (*bucket, error) {
	name, prefix, err := config.ParseBucket(address)
	if err != nil {
		return nil, err
	}
	to, err := url.Parse(s3.Endpoint)
	if err != nil {
		return nil, fmt.Errorf("the address of the buckets: %w", err)
	}
	// The server stands in a private network as often as not.
	everywhere := []netip.Prefix{netip.MustParsePrefix("0.0.0.0/0"), netip.MustParsePrefix("::/0")}
	lookup := minio.BucketLookupDNS
	if s3.PathStyle {
		lookup = minio.BucketLookupPath
	}
	client, err := minio.New(to.Host, &minio.Options{
		Creds: credentials.NewStaticV4(s3.AccessKey, s3.SecretKey.Reveal(), ""), Secure: to.Scheme == "https", Region: s3.Region,
		BucketLookup: lookup, MaxRetries: attempts, Transport: outside.New(outside.Options{AllowPrivate: everywhere}).Transport(),
	})
	if err != nil {
		return nil, fmt.Errorf("the address of the buckets: %w", err)
	}
	return &bucket{client: client, endpoint: s3.Endpoint, bucket: name, folder: prefix, spool: spool, whole: mostWhole, part: partBytes}, nil
}

func (b *bucket) keyOf(name string) string { return path.Join(b.folder, name) }

// PathOf implements Target.
func (b *bucket) PathOf(name string) string {
	return config.BucketScheme + path.Join(b.bucket, b.folder, name)
}

// timeFor returns how long a copy of that size may take.
func timeFor(size int64) time.Duration {
	return callTime + time.Duration(size/slowest)*time.Second
}

// WriteCopy implements Target. A copy lies on this machine first, so that the store waits for
// no network, and a bucket never holds a part of one.
func (b *bucket) WriteCopy(ctx context.Context, name string, write func(io.Writer) error) (size int64, err error) {
	wrote := sha256.New()
	part, err := private.WriteBeside(b.spool, func(w io.Writer) error { return write(io.MultiWriter(w, wrote)) })
	if err != nil {
		return 0, fmt.Errorf("write a copy: %w", err)
	}
	defer func() { _ = os.Remove(part) }() // it is there, or is made anew
	if size, err = b.putFile(ctx, name, part); err != nil {
		return 0, b.failed(err)
	}
	read := sha256.New()
	if err := b.readWhole(ctx, name, read); err != nil {
		return 0, err
	}
	if !bytes.Equal(read.Sum(nil), wrote.Sum(nil)) {
		return 0, words.Fail(nil, "backup.bucket_not_read_back", words.Args{"path": b.PathOf(name)})
	}
	return size, nil
}

func (b *bucket) putFile(ctx context.Context, name, part string) (size int64, err error) {
	f, err := os.Open(part) //nolint:gosec // it was made here
	if err != nil {
		return 0, err //nolint:wrapcheck // it names the file
	}
	defer func() { _ = f.Close() }() // it was only read
	info, err := f.Stat()
	if err != nil {
		return 0, err //nolint:wrapcheck // it names the file
	}
	ctx, cancel := context.WithTimeout(ctx, timeFor(info.Size()))
	defer cancel()
	options := minio.PutObjectOptions{ContentType: "application/octet-stream", SendContentMd5: true, PartSize: mostWhole, NumThreads: 1}
	if info.Size() > b.whole {
		options.PartSize = b.part
		b.removeParts(ctx)
	}
	_, err = b.client.PutObject(ctx, b.bucket, b.keyOf(name), f, info.Size(), options)
	return info.Size(), err //nolint:wrapcheck // failed says what it is
}

// removeParts removes what was left of copies whose carrying was cut off. Others may be carrying
// something to the same bucket.
func (b *bucket) removeParts(ctx context.Context) {
	for left := range b.client.ListIncompleteUploads(ctx, b.bucket, b.keyOf(""), true) {
		name := path.Base(left.Key)
		_, archive := archiveMoment(name)
		if left.Err == nil && (archive || name == newestName) && left.Key == b.keyOf(name) {
			_ = b.client.RemoveIncompleteUpload(ctx, b.bucket, left.Key) // it is tried again with the next
		}
	}
}

func (b *bucket) readWhole(ctx context.Context, name string, w io.Writer) error {
	c, err := b.OpenCopy(ctx, name)
	if err != nil {
		return err
	}
	_, err = io.Copy(w, io.NewSectionReader(c, 0, c.Size))
	return errors.Join(err, c.Close())
}

// OpenCopy implements Target. What is read is of one object, also where it is replaced meanwhile.
func (b *bucket) OpenCopy(ctx context.Context, name string) (Copy, error) {
	look, end := context.WithTimeout(ctx, callTime)
	defer end()
	info, err := b.client.StatObject(look, b.bucket, b.keyOf(name), minio.StatObjectOptions{})
	if err != nil {
		return Copy{}, b.failed(err)
	}
	ctx, cancel := context.WithTimeout(ctx, timeFor(info.Size))
	var options minio.GetObjectOptions
	err = options.SetMatchETag(info.ETag)
	if err == nil {
		var object *minio.Object
		if object, err = b.client.GetObject(ctx, b.bucket, b.keyOf(name), options); err == nil {
			blocks := &blocks{of: object, failed: b.failed, cancel: cancel}
			return Copy{ReaderAt: blocks, Closer: blocks, Size: info.Size}, nil
		}
	}
	cancel()
	return Copy{}, b.failed(err)
}

// ListCopies implements Target.
func (b *bucket) ListCopies(ctx context.Context) (all []CopyInfo, err error) {
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	prefix := b.keyOf("")
	if prefix != "" {
		prefix += "/"
	}
	for o := range b.client.ListObjectsIter(ctx, b.bucket, minio.ListObjectsOptions{Prefix: prefix}) {
		if o.Err != nil {
			return nil, b.failed(o.Err)
		}
		if all = append(all, CopyInfo{Name: path.Base(o.Key), Written: o.LastModified}); len(all) > mostListed {
			return nil, words.Fail(nil, "backup.bucket_full", words.Args{"bucket": b.PathOf(""), "max": mostListed})
		}
	}
	return all, nil
}

// RemoveCopy implements Target.
func (b *bucket) RemoveCopy(ctx context.Context, name string) error {
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	return b.failed(b.client.RemoveObject(ctx, b.bucket, b.keyOf(name), minio.RemoveObjectOptions{}))
}

// CheckForgets implements Target: a bucket that has or had versions, or locks objects, is none for
// what must be gone once it is replaced. A server that knows neither keeps nothing.
func (b *bucket) CheckForgets(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	versions, err := b.client.GetBucketVersioning(ctx, b.bucket)
	if err != nil && !isUnknown(err) {
		return b.failed(err)
	}
	locks, _, _, _, err := b.client.GetObjectLockConfig(ctx, b.bucket) //nolint:dogsled // whether, not for how long
	if err != nil && !isUnknown(err) {
		return b.failed(err)
	}
	if versions.Status != "" || locks != "" {
		return words.Fail(nil, "backup.bucket_keeps", words.Args{"bucket": b.bucket})
	}
	return nil
}

// isUnknown says that a server knows nothing of what it was asked for.
func isUnknown(err error) bool {
	switch minio.ToErrorResponse(err).Code {
	case minio.NotImplemented, minio.MethodNotAllowed, "ObjectLockConfigurationNotFoundError":
		return true
	}
	return false
}

// failed says what a server answered.
func (b *bucket) failed(err error) error {
	if err == nil {
		return nil
	}
	args := words.Args{"bucket": b.bucket, "endpoint": b.endpoint}
	switch answer := minio.ToErrorResponse(err); {
	case answer.Code == minio.NoSuchKey:
		args["file"] = config.BucketScheme + path.Join(b.bucket, answer.Key)
		return words.Fail(fmt.Errorf("%w: %w", fs.ErrNotExist, err), "backup.no_copy", args)
	case answer.Code == minio.NoSuchBucket:
		return words.Fail(fmt.Errorf("%w: %w", fs.ErrNotExist, err), "backup.no_bucket", args)
	case answer.StatusCode == http.StatusForbidden:
		args["code"] = answer.Code
		return words.Fail(err, "backup.bucket_refuses", args)
	}
	args["reason"] = words.Said(err)
	return words.Fail(err, "backup.bucket_failed", args)
}

// blocks reads an object by larger parts than it is asked for.
type blocks struct {
	of     *minio.Object
	failed func(error) error
	cancel context.CancelFunc

	mu   sync.Mutex
	at   int64
	held []byte
}

// ReadAt implements io.ReaderAt.
func (b *blocks) ReadAt(p []byte, at int64) (n int, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for n < len(p) {
		if off := at + int64(n); off < b.at || off >= b.at+int64(len(b.held)) {
			if err := b.fetch(off); err != nil {
				return n, err
			}
		}
		n += copy(p[n:], b.held[at+int64(n)-b.at:])
	}
	return n, nil
}

// fetch holds what stands behind an offset; io.EOF where that is nothing.
func (b *blocks) fetch(off int64) error {
	if b.held == nil {
		b.held = make([]byte, readBlock)
	}
	n, err := b.of.ReadAt(b.held[:readBlock], off)
	b.at, b.held = off, b.held[:n]
	if n > 0 || errors.Is(err, io.EOF) {
		err = nil
	}
	if n == 0 && err == nil {
		return io.EOF
	}
	return b.failed(err)
}

// Close implements io.Closer.
func (b *blocks) Close() error {
	defer b.cancel()
	return b.of.Close() //nolint:wrapcheck // nothing was written
}
