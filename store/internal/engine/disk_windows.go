package engine

import "golang.org/x/sys/windows"

// diskFree says how many bytes of the disk that holds a folder are free for this
// user, and how many there are.
func diskFree(folder string) (free, whole uint64, ok bool) {
	name, err := windows.UTF16PtrFromString(folder)
	if err != nil {
		return 0, 0, false
	}
	err = windows.GetDiskFreeSpaceEx(name, &free, &whole, nil)
	return free, whole, err == nil
}

// diskFull returns the errors by which the system refuses to write more.
func diskFull() []error {
	return []error{windows.ERROR_DISK_FULL, windows.ERROR_HANDLE_DISK_FULL, windows.ERROR_DISK_QUOTA_EXCEEDED, windows.ERROR_FILE_TOO_LARGE}
}
