/*
 * database.c  [inside]  /etc/passwd and /etc/group of an image
 *
 * They are read by a process that still has every capability, and the image
 * says where they lie. A link to /proc/kmsg would make us take the host's
 * kernel messages away; a fifo would never answer; the opening of some devices
 * acts. So what is there is looked at first, by a descriptor that cannot read
 * (O_PATH), and only then opened, without waiting and without becoming a
 * terminal's owner, and it must still be the same file.
 */
#include "dockerinit/database.h"

#include "dockerinit/devices.h"
#include "dockerinit/rootfs.h"

#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"
#include "libcontainer/system/file.h"
#include "libcontainer/system/resolve.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#ifndef CONFIGFS_MAGIC
#define CONFIGFS_MAGIC 0x62656570
#endif
#ifndef FUSECTL_MAGIC
#define FUSECTL_MAGIC 0x65735543
#endif
#ifndef MQUEUE_MAGIC
#define MQUEUE_MAGIC 0x19800202
#endif
#ifndef NFSD_MAGIC
#define NFSD_MAGIC 0x6e667364
#endif
#ifndef RPCAUTH_MAGIC
#define RPCAUTH_MAGIC 0x67596969
#endif

enum { DATABASE_LIMIT = 16 * 1024 * 1024 };

/* File systems whose files are the kernel's own words: to read one may act. */
static const unsigned int special[] = {
	PROC_SUPER_MAGIC,
	SYSFS_MAGIC,
	DEBUGFS_MAGIC,
	TRACEFS_MAGIC,
	SECURITYFS_MAGIC,
	CGROUP_SUPER_MAGIC,
	CGROUP2_SUPER_MAGIC,
	RDTGROUP_SUPER_MAGIC,
	SELINUX_MAGIC,
	SMACK_MAGIC,
	AAFS_MAGIC,
	PSTOREFS_MAGIC,
	EFIVARFS_MAGIC,
	BINFMTFS_MAGIC,
	BPF_FS_MAGIC,
	CONFIGFS_MAGIC,
	FUSECTL_MAGIC,
	MQUEUE_MAGIC,
	NFSD_MAGIC,
	RPCAUTH_MAGIC,
	DEVPTS_SUPER_MAGIC,
	BINDERFS_SUPER_MAGIC,
	XENFS_SUPER_MAGIC,
	NSFS_MAGIC,
	PIPEFS_MAGIC,
	SOCKFS_MAGIC,
	ANON_INODE_FS_MAGIC,
	BDEVFS_MAGIC,
	USBDEVICE_SUPER_MAGIC,
	OPENPROM_SUPER_MAGIC,
	DMA_BUF_MAGIC,
	DEVMEM_MAGIC,
};

static int check(int fd, const char *path, struct error *err)
{
	struct stat st;
	struct statfs fs;

	if (fstat(fd, &st) < 0 || fstatfs(fd, &fs) < 0)
		return error_errno(err, "look at %s", path);
	if (!S_ISREG(st.st_mode))
		return error_set(err, ERROR_SYSTEM, "%s is not a file", path);
	for (size_t i = 0; i < sizeof(special) / sizeof(*special); i++)
		if ((unsigned int)fs.f_type == special[i])
			return error_set(err, ERROR_SYSTEM,
					 "%s is not read: it lies in a special "
					 "file system (of type 0x%x)",
					 path, special[i]);
	return 0;
}

int database_read(const struct init *init, const char *path, char **text,
		  struct error *err)
{
	cleanup_close int place = -1, fd = -1;

	place = rootfs_open(init->rootfs_fd, path, O_PATH, true);
	if (place < 0 ? errno == ENOENT || errno == ENOTDIR
		      : devices_is_null(place)) {
		*text = xstrdup("");
		return 0;
	}
	if (place < 0)
		return error_errno(err, "open %s", path);
	if (check(place, path, err) < 0)
		return -1;
	fd = rootfs_open(init->rootfs_fd, path, O_RDONLY, true);
	if (fd < 0)
		return error_errno(err, "open %s", path);
	if (!same_file(fd, place))
		return error_answer(err, "%s became another file meanwhile",
				    path);
	if (file_read_fd(fd, DATABASE_LIMIT, text, NULL, err) < 0)
		return error_wrap(err, "%s", path);
	return 0;
}
