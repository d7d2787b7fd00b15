#include "thumbnail/confinement.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <vector>

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>

namespace parley::thumbnail {

namespace {

constexpr std::uint64_t descriptors_max = 32;

#if defined(__x86_64__)
constexpr std::uint32_t architecture = AUDIT_ARCH_X86_64;
constexpr std::uint32_t call_number_end = 0x4000'0000;  // from here on: the x32 table, a way around the list
#elif defined(__aarch64__)
constexpr std::uint32_t architecture = AUDIT_ARCH_AARCH64;
constexpr std::uint32_t call_number_end = 0x4000'0000;
#else
#error "Say how system calls are numbered here."
#endif

/// Calls that no decoder makes. A list of what is allowed would be shorter for the day and wrong with the
/// next version of a library.
constexpr std::array denied_calls = {
    SYS_execve,
    SYS_execveat,
    SYS_ptrace,
    SYS_process_vm_readv,
    SYS_process_vm_writev,
    SYS_socket,
    SYS_socketpair,
    SYS_connect,
    SYS_bind,
    SYS_listen,
    SYS_accept,
    SYS_accept4,
    SYS_sendto,
    SYS_sendmsg,
    SYS_kill,
    SYS_unlinkat,
    SYS_renameat,
    SYS_renameat2,
    SYS_linkat,
    SYS_symlinkat,
    SYS_mkdirat,
    SYS_mknodat,
    SYS_fchmod,
    SYS_fchmodat,
    SYS_fchown,
    SYS_fchownat,
    SYS_truncate,
    SYS_mount,
    SYS_umount2,
    SYS_chroot,
    SYS_pivot_root,
    SYS_unshare,
    SYS_setns,
    SYS_bpf,
    SYS_perf_event_open,
    SYS_keyctl,
    SYS_add_key,
    SYS_request_key,
    SYS_userfaultfd,
    SYS_io_uring_setup,
    SYS_io_uring_enter,
    SYS_pidfd_open,
    SYS_pidfd_getfd,
    SYS_pidfd_send_signal,
    SYS_setsid,
    SYS_setpgid,
    SYS_open_by_handle_at,
    SYS_memfd_create,
    SYS_init_module,
    SYS_finit_module,
#if defined(__x86_64__)
    SYS_fork,
    SYS_vfork,
    SYS_unlink,
    SYS_rename,
    SYS_link,
    SYS_symlink,
    SYS_mkdir,
    SYS_rmdir,
    SYS_mknod,
    SYS_chmod,
    SYS_chown,
    SYS_lchown,
    SYS_creat,
#endif
};

constexpr std::uint32_t load_word = BPF_LD | BPF_W | BPF_ABS;
constexpr std::uint32_t jump_if_equal = BPF_JMP | BPF_JEQ | BPF_K;
constexpr std::uint32_t give_back = BPF_RET | BPF_K;
constexpr std::uint32_t deny = SECCOMP_RET_ERRNO | EPERM;

sock_filter statement(std::uint32_t code, std::uint32_t value) {
    return {.code = static_cast<std::uint16_t>(code), .jt = 0, .jf = 0, .k = value};
}

sock_filter jump(std::uint32_t code, std::uint32_t value, std::uint8_t if_true, std::uint8_t if_false) {
    return {.code = static_cast<std::uint16_t>(code), .jt = if_true, .jf = if_false, .k = value};
}

/// Denies call `number` if the argument at `index` has one of `bits`; the number is loaded before and after.
void deny_with_bits(std::vector<sock_filter>& filter, long number, std::size_t index, std::uint32_t bits) {
    const auto argument = offsetof(seccomp_data, args) + index * sizeof(std::uint64_t);
    filter.push_back(jump(jump_if_equal, static_cast<std::uint32_t>(number), 0, 4));
    filter.push_back(statement(load_word, static_cast<std::uint32_t>(argument)));
    filter.push_back(jump(BPF_JMP | BPF_JSET | BPF_K, bits, 0, 1));
    filter.push_back(statement(give_back, deny));
    filter.push_back(statement(load_word, offsetof(seccomp_data, nr)));
}

std::vector<sock_filter> call_filter() {
    std::vector<sock_filter> filter;
    filter.push_back(statement(load_word, offsetof(seccomp_data, arch)));
    filter.push_back(jump(jump_if_equal, architecture, 1, 0));
    filter.push_back(statement(give_back, SECCOMP_RET_KILL_PROCESS));
    filter.push_back(statement(load_word, offsetof(seccomp_data, nr)));
    filter.push_back(jump(BPF_JMP | BPF_JGE | BPF_K, call_number_end, 0, 1));
    filter.push_back(statement(give_back, SECCOMP_RET_KILL_PROCESS));
    for (const auto number : denied_calls) {
        filter.push_back(jump(jump_if_equal, static_cast<std::uint32_t>(number), 0, 1));
        filter.push_back(statement(give_back, deny));
    }
    constexpr std::uint32_t writing = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC;
    deny_with_bits(filter, SYS_openat, 2, writing);
#if defined(__x86_64__)
    deny_with_bits(filter, SYS_open, 1, writing);
#endif
    // Its flags are in memory, which a filter cannot see; callers fall back to openat.
    filter.push_back(jump(jump_if_equal, SYS_openat2, 0, 1));
    filter.push_back(statement(give_back, SECCOMP_RET_ERRNO | ENOSYS));
    filter.push_back(statement(give_back, SECCOMP_RET_ALLOW));
    return filter;
}

bool limit(int resource, std::uint64_t value) {
    const rlimit both{.rlim_cur = value, .rlim_max = value};
    return ::setrlimit(static_cast<__rlimit_resource>(resource), &both) == 0;
}

}  // namespace

bool confine(const Confinement& confinement) {
    const bool limited = limit(RLIMIT_AS, confinement.memory_bytes) &&
                         limit(RLIMIT_FSIZE, confinement.file_bytes) &&
                         limit(RLIMIT_CPU, confinement.cpu_seconds) &&
                         limit(RLIMIT_NOFILE, descriptors_max) && limit(RLIMIT_CORE, 0);
    if (!limited || ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return false;
    auto filter = call_filter();
    const sock_fprog program{.len = static_cast<unsigned short>(filter.size()), .filter = filter.data()};
    return ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

}  // namespace parley::thumbnail
