/** The gateway's name with its mark. */
export function Brand() {
  return (
    <strong class="brand">
      <svg viewBox="0 0 32 32" aria-hidden="true">
        <rect width="32" height="32" rx="7" />
        <path d="M6 19h5l3-9 4 13 3-8h5" />
      </svg>
      glm-gateway
    </strong>
  );
}
