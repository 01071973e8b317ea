package private

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"unsafe"

	"golang.org/x/sys/windows"
)

// Modes says whether the mode of a file tells who may read it. Here it tells
// no more than whether a file may be written, and lists of access say the rest.
const Modes = false

// descriptor returns an access list for the user who runs this process, for the
// system and for administrators, who are root here. It takes nothing from the
// folder, which on a new disk lets every user in.
func descriptor(inherited string) (*windows.SECURITY_DESCRIPTOR, error) {
	user, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		return nil, fmt.Errorf("look for who runs this process: %w", err)
	}
	list := "D:P"
	for _, who := range []string{user.User.Sid.String(), "SY", "BA"} {
		list += fmt.Sprintf("(A;%s;FA;;;%s)", inherited, who)
	}
	d, err := windows.SecurityDescriptorFromString(list)
	if err != nil {
		return nil, fmt.Errorf("make the access list %s: %w", list, err)
	}
	return d, nil
}

// OpenFile is os.OpenFile, and what it makes is the user's alone from its first
// moment: a list that is set afterwards does not close what others have opened.
func OpenFile(name string, flag int) (*os.File, error) {
	if flag&os.O_CREATE == 0 {
		return os.OpenFile(name, flag, 0) //nolint:gosec,wrapcheck // as os.OpenFile, whose error names the file
	}
	f, err := create(name)
	if flag&os.O_EXCL == 0 && errors.Is(err, fs.ErrExist) {
		return os.OpenFile(name, flag&^os.O_CREATE, 0) //nolint:gosec,wrapcheck // as above
	}
	return f, blameFolder(name, flag, err)
}

func create(name string) (*os.File, error) {
	d, err := descriptor("")
	if err != nil {
		return nil, err
	}
	path, err := windows.UTF16PtrFromString(name)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	attributes := windows.SecurityAttributes{SecurityDescriptor: d}
	attributes.Length = uint32(unsafe.Sizeof(attributes))
	// Others may open it meanwhile as they may what os.OpenFile opens.
	handle, err := windows.CreateFile(path, windows.GENERIC_READ|windows.GENERIC_WRITE,
		windows.FILE_SHARE_READ|windows.FILE_SHARE_WRITE, &attributes, windows.CREATE_NEW, windows.FILE_ATTRIBUTE_NORMAL, 0)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	return os.NewFile(uintptr(handle), name), nil
}

// KeepOwner does nothing here: administrators may read the files of others.
func KeepOwner(string, string) error { return nil }

// Socket keeps the file of a socket for the user. Whoever may write to it may
// connect.
func Socket(path string) error { return protect(path, "") }

// Folder keeps a folder for the user, with all that is made in it.
func Folder(path string) error { return protect(path, "OICI") }

// protect opens the file itself: a socket cannot be opened as what it stands for.
func protect(path, inherited string) error {
	d, err := descriptor(inherited)
	if err != nil {
		return err
	}
	list, _, err := d.DACL()
	if err != nil {
		return fmt.Errorf("protect %s: %w", path, err)
	}
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		return fmt.Errorf("protect %s: %w", path, err)
	}
	handle, err := windows.CreateFile(name, windows.WRITE_DAC|windows.READ_CONTROL,
		windows.FILE_SHARE_READ|windows.FILE_SHARE_WRITE|windows.FILE_SHARE_DELETE, nil, windows.OPEN_EXISTING,
		windows.FILE_FLAG_OPEN_REPARSE_POINT|windows.FILE_FLAG_BACKUP_SEMANTICS, 0)
	if err != nil {
		return fmt.Errorf("protect %s: %w", path, err)
	}
	err = windows.SetSecurityInfo(handle, windows.SE_FILE_OBJECT,
		windows.DACL_SECURITY_INFORMATION|windows.PROTECTED_DACL_SECURITY_INFORMATION, nil, nil, list, nil)
	if err = errors.Join(err, windows.CloseHandle(handle)); err != nil {
		return fmt.Errorf("protect %s: %w", path, err)
	}
	return nil
}

// Owned says whether a file belongs to the user, or to administrators, as all
// that one of them makes does.
func Owned(path string) (bool, error) {
	d, err := windows.GetNamedSecurityInfo(path, windows.SE_FILE_OBJECT, windows.OWNER_SECURITY_INFORMATION)
	if err != nil {
		return false, fmt.Errorf("look for the owner of %s: %w", path, err)
	}
	owner, _, err := d.Owner()
	if err != nil {
		return false, fmt.Errorf("look for the owner of %s: %w", path, err)
	}
	user, err := windows.GetCurrentProcessToken().GetTokenUser()
	if err != nil {
		return false, fmt.Errorf("look for who runs this process: %w", err)
	}
	return owner.Equals(user.User.Sid) || owner.IsWellKnown(windows.WinBuiltinAdministratorsSid), nil
}
