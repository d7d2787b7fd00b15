import { onScopeDispose } from 'vue';
import { isNavigationFailure, NavigationFailureType, useRouter } from 'vue-router';

/** Calls `again` when somebody goes to where they are already: a search hit or a notification that is pressed twice. */
export function useRepeatedVisit(again: () => void): void {
  const end = useRouter().afterEach((_to, _from, failure) => {
    if (isNavigationFailure(failure, NavigationFailureType.duplicated)) again();
  });
  onScopeDispose(end);
}
